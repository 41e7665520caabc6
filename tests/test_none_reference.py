"""Qt calls keep the reference count of None.

PySide6 6.12.0 loses one reference to None with every void call. On Python 3.11, where None is counted, the process
dies after a few thousand calls ("deallocating None"); from Python 3.12 on None is immortal.
"""

import os
import subprocess
import sys

CALLS = 20_000
PROBE = f"""
import sys
from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtWidgets import QApplication, QLabel

class Label(QLabel):
    changed = Signal()
    def setVisible(self, visible):
        super().setVisible(visible)

application = QApplication([])
label = Label()
heard = []
label.changed.connect(lambda: heard.append(1))
before = sys.getrefcount(None)
for call in range({CALLS}):
    label.setEnabled(bool(call % 2))
    label.setGeometry(QRect(0, 0, 100 + call % 2, 20))
    if call % 4 == 0:
        label.changed.emit()
print(len(heard), sys.getrefcount(None) - before)
"""


def test_qt_calls_keep_the_references_to_none() -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run([sys.executable, "-c", PROBE], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    heard, difference = map(int, done.stdout.split())
    assert heard == CALLS // 4
    if sys.version_info < (3, 12):
        # A leaking version loses tens of thousands; the interpreter itself moves a few either way.
        assert abs(difference) < CALLS // 100
