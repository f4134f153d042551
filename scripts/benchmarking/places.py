"""Where things are, and the unit of size."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CONTENDERS = ROOT / "scripts" / "contenders"
SEED_FILE = ROOT / "seeds" / "nato-summit-pasted-twice.txt"
MB = 1_000_000
