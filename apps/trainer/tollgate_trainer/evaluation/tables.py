"""The side-by-side table, for a screen and for Markdown."""

from typing import Any

Row = list[str]


def comparison_table(evaluation: dict[str, Any]) -> list[Row]:
    """A header and one row for each scorer; a column that no scorer has is left out."""
    header = [
        "scorer",
        "AP [95 %]",
        "AUC-ROC",
        "CP@100 [95 %] (ceiling)",
        f"recall at {_percent(evaluation['alertBudgetShare'])} [95 %] (ceiling)",
        "precision",
        "value found [95 %]",
        "cost / 1,000 [95 %]",
        "ECE",
    ]
    rows = [_row(name, figures) for name, figures in evaluation["scorers"].items()]
    for published in evaluation["published"]:
        row = ["published: " + published["name"], f"{published['averagePrecision']:.3f}"]
        row += [f"{published['aucRoc']:.3f}", f"{published['cardPrecisionTop100']:.3f}"]
        rows.append(row + [""] * (len(header) - len(row)))
    used = [column for column in range(len(header)) if column == 0 or any(row[column] for row in rows)]
    return [[row[column] for column in used] for row in [header, *rows]]


def text_table(table: list[Row]) -> str:
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
    padded = [[cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in table]
    return "\n".join("  ".join(row).rstrip() for row in padded)


def markdown_table(table: list[Row]) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in table]
    lines.insert(1, "|" + "---|" * len(table[0]))
    return "\n".join(lines)


def _row(name: str, figures: dict[str, Any]) -> Row:
    low, high = figures["averagePrecisionInterval"]
    alerts = figures["atAlertBudget"]
    return [
        name,
        f"{figures['averagePrecision']:.3f} [{low:.3f}, {high:.3f}]",
        f"{figures['aucRoc']:.3f}",
        _with_ceiling(figures, "cardPrecisionTop100"),
        _with_ceiling(alerts, "recall"),
        f"{alerts['precision']:.3f}",
        _with_interval(alerts, "valueDetectionRate", ".3f"),
        _with_interval(figures, "costPerThousand", ",.2f"),
        _optional(figures, "expectedCalibrationError", ".5f"),
    ]


def _with_ceiling(figures: dict[str, Any], name: str) -> str:
    if name not in figures:
        return ""
    return f"{_with_interval(figures, name, '.3f')} ({figures[name + 'Ceiling']:.3f})"


def _with_interval(figures: dict[str, Any], name: str, form: str) -> str:
    if f"{name}Interval" not in figures:
        return _optional(figures, name, form)
    low, high = figures[f"{name}Interval"]
    return f"{figures[name]:{form}} [{low:{form}}, {high:{form}}]"


def _optional(figures: dict[str, Any], name: str, form: str) -> str:
    return format(figures[name], form) if name in figures else ""


def _percent(share: float) -> str:
    return f"{share * 100:g} %"
