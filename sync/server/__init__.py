"""The practice's server: takes operations in, numbers them, detects what people must decide, gives them out."""
