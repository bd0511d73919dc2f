"""The newsroom: what can be done to an article, who may do it, and what stands in its way."""
