"""The analyses that come with the program. A clinic's own are read by `viewer.model.cephalometry.storage`."""

from viewer.model.cephalometry.analyses.downs import DOWNS
from viewer.model.cephalometry.analyses.eastman import EASTMAN
from viewer.model.cephalometry.analyses.holdaway import HOLDAWAY
from viewer.model.cephalometry.analyses.jarabak import JARABAK
from viewer.model.cephalometry.analyses.mcnamara import MCNAMARA
from viewer.model.cephalometry.analyses.ricketts import RICKETTS
from viewer.model.cephalometry.analyses.steiner import STEINER
from viewer.model.cephalometry.analyses.tweed import TWEED
from viewer.model.cephalometry.analyses.wits import WITS
from viewer.model.cephalometry.analysis import Analysis

ANALYSES: dict[str, Analysis] = {
    analysis.analysis_id: analysis
    for analysis in (STEINER, DOWNS, RICKETTS, MCNAMARA, TWEED, JARABAK, WITS, EASTMAN, HOLDAWAY)
}
