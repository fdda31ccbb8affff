"""Fits, judges and exports a fraud model from rows that the TypeScript reducer has made."""
