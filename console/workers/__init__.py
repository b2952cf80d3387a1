"""Keep the state true: background reading into the store, without a screen."""
