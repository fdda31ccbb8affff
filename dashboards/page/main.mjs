/** The dashboards of `dashboards/src`, drawn in a browser: for a machine without Grafana. */
import { askMarks, askRange, askValues, getJson } from "./ask.mjs";
import { drawHeatmap } from "./draw-heatmap.mjs";
import { clock, drawLines } from "./draw-lines.mjs";
import { formatValue } from "./format.mjs";

const refreshMs = 5000;
const marksNamed = 6;
const ranges = [
  [300, "5 minutes"],
  [900, "15 minutes"],
  [3600, "1 hour"],
  [21_600, "6 hours"],
];

const find = (id) => document.getElementById(id);
const dashboards = await getJson("/dashboards.json");
let drawn = [];
let shown;
/** Name of a variable → what was chosen; it stays when another dashboard is opened. */
const choices = {};

prepare();
show();
window.addEventListener("hashchange", show);
find("range").addEventListener("change", () => void refresh());
setInterval(() => void refresh(), refreshMs);

function prepare() {
  for (const [seconds, text] of ranges) find("range").add(new Option(text, seconds));
  for (const { uid, title } of dashboards) {
    const link = Object.assign(document.createElement("a"), { href: `#${uid}`, textContent: title });
    find("menu").append(link);
  }
}

/** Puts the chosen dashboard's panels on the page, empty; then asks for their data. */
function show() {
  const chosen = dashboards.find(({ uid }) => location.hash === `#${uid}`) ?? dashboards[0];
  for (const link of find("menu").children) {
    link.toggleAttribute("aria-current", false);
    if (link.hash === `#${chosen.uid}`) link.setAttribute("aria-current", "page");
  }
  shown = chosen;
  find("about").textContent = chosen.description;
  find("variables").replaceChildren(...chosen.variables.map(variableChoice));
  find("rows").replaceChildren();
  drawn = chosen.rows.flatMap((row) => {
    const heading = Object.assign(document.createElement("h2"), { textContent: row.title });
    const grid = Object.assign(document.createElement("section"), { className: "row" });
    find("rows").append(heading, grid);
    return row.panels.map((panel) => ({ panel, body: panelFrame(grid, panel), plot: undefined }));
  });
  void refresh();
}

function variableChoice(variable) {
  const { name, label, description } = variable;
  const list = Object.assign(document.createElement("select"), { id: name, title: description });
  choices[name] ??= ".*";
  const offer = (values) => {
    list.replaceChildren(new Option("all", ".*"), ...values.map(([text, value]) => new Option(text, value)));
    list.value = choices[name];
    if (list.value !== "") return;
    // Gone since it was chosen.
    choices[name] = ".*";
    list.value = ".*";
  };
  offer(choices[name] === ".*" ? [] : [[choices[name], choices[name]]]);
  const update = async () => offer(await askValues(variable));
  update().catch((error) => (find("state").textContent = error.message));
  // What has come since is offered to whoever opens the list.
  list.addEventListener("focus", () => void update().catch(() => undefined));
  list.addEventListener("change", () => {
    choices[name] = list.value;
    void refresh();
  });
  const frame = Object.assign(document.createElement("label"), { textContent: `${label} ` });
  frame.append(list);
  return frame;
}

function panelFrame(grid, panel) {
  const frame = Object.assign(document.createElement("article"), { className: "panel" });
  frame.style.gridColumn = `${panel.place.x + 1} / span ${panel.place.w}`;
  const heading = document.createElement("h3");
  const title = Object.assign(document.createElement("span"), {
    textContent: panel.title,
    title: panel.description,
  });
  heading.append(title);
  for (const { name, url } of panel.runbooks) {
    heading.append(
      Object.assign(document.createElement("a"), { href: url, title: name, textContent: "runbook" }),
    );
  }
  const body = document.createElement("div");
  frame.append(heading, body);
  grid.append(frame);
  return body;
}

async function refresh() {
  const view = { rangeSeconds: Number(find("range").value), chosen: choices };
  const marks = await askMarks(shown.marks, view).catch(() => []);
  const faults = await Promise.all(drawn.map((one) => draw(one, view, marks)));
  showMarks(marks);
  const [fault] = faults.filter((text) => text !== undefined);
  find("state").textContent = fault ?? `as of ${new Date().toTimeString().slice(0, 8)}`;
  document.body.dataset.drawn = String(drawn.length);
}

/** What the marks on the pictures say, the latest first. */
function showMarks(marks) {
  const latest = marks.slice(-marksNamed).toReversed();
  find("marks").replaceChildren(
    ...latest.map(({ time, text, colour }) => {
      const line = document.createElement("span");
      const sign = document.createElement("i");
      sign.style.background = colour;
      line.append(sign, `${clock(time)} ${text}`);
      return line;
    }),
  );
}

/** @returns {Promise<string | undefined>} why it could not be drawn */
async function draw(one, view, marks) {
  const { panel, body } = one;
  try {
    const data = await askRange(panel.queries, view);
    one.plot?.destroy();
    one.plot = undefined;
    if (data.series.length === 0) {
      body.replaceChildren(
        Object.assign(document.createElement("p"), { className: "empty", textContent: "no data" }),
      );
    } else if (panel.kind === "number") drawNumber(body, panel, data);
    else if (panel.kind === "heatmap") drawHeatmap(body, panel, data);
    else one.plot = drawLines(body, panel, { ...data, marks });
    return undefined;
  } catch (error) {
    return error.message;
  }
}

function drawNumber(body, panel, { series }) {
  const value = series[0].values.findLast((one) => one !== null);
  const step = panel.steps.findLast(({ from }) => from === null || value >= from);
  const number = Object.assign(document.createElement("div"), {
    className: "number",
    textContent: formatValue(value, panel.unit, panel.decimals),
  });
  number.style.color = step?.colour ?? "";
  body.replaceChildren(number);
}
