"""Images, documents and models of the chart: received, sealed, indexed, matched to a patient, shown."""
