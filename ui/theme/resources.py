"""Where the files shipped with the application are, from a checkout as from a frozen bundle."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2] / "resources"
FONTS = ROOT / "fonts"
ICONS = ROOT / "icons"
