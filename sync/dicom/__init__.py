"""DICOM over the network: the gateway that devices call, and what calls archives."""
