"""Services that send an event to a function and wait for nothing: SNS, S3, EventBridge."""
