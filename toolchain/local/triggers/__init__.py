"""What calls functions besides HTTP and Cognito: schedules, queues, topics, buckets, event buses, streams."""
