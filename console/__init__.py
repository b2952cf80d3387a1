"""portside: a terminal console for AutoStore ports and Kolmisoft MOR phones."""

__version__ = "0.1.0"
