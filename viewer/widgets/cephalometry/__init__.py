"""Cephalometry on screen: guided landmarks, live measures, norms of the clinic, change over time, a report.

marking = install_marking(workspace, author)
cephalometry = install_cephalometry(workspace, marking)
workspace.panel.addWidget(SidePanels(marking, cephalometry))
"""
