/** Named limits of the check. */
export const checkLimits = {
  /** Of the demo that is started for it: enough for every outcome to occur within a minute. */
  demoRatePerSecond: 300,
  /** Few enough for a week of event time, after which labels are judged, within two minutes. */
  demoCustomers: 3_000,
  /** The demo's services and apps answer; a first start fetches them. */
  demoReadyMs: 300_000,
  /** Longest wait for every panel to have data, from the first look on: a quiet machine needs a minute. */
  dataMs: 420_000,
  /** Between two looks: a scrape of the local stack. */
  lookMs: 5_000,
  /** SIGTERM to SIGKILL of the demo: it drains, then stops its services. */
  demoStopMs: 90_000,
  /** One query of a panel over the last minutes. */
  queryMs: 10_000,
  /** What a panel is asked for: long enough for several points of a rate. */
  rangeSeconds: 120,
  stepSeconds: 10,
  /** Width and height of a picture, in pixels: the tallest dashboard fits. */
  pictureSize: "1400,1960",
  /** The page's own time until the picture: its panels are drawn within one. */
  pictureMs: 8_000,
  browserMs: 60_000,
  /** A demo that was started for the pictures flows so long before them: the page shows five minutes. */
  flowBeforePicturesMs: 240_000,
} as const;
