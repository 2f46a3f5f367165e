try:
    from fast import handler
except ImportError:
    handler = lambda event, context: None
