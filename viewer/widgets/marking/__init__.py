"""Marks on images: tools, the layer that draws them, the panel that lists them, and their ways in and out.

marking = install_marking(workspace, author="Dre Gagnon")
workspace.panel.addWidget(MarksPanel(marking))
"""
