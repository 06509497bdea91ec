"""Documents made up as strangers write them, with what their figures mean."""
