"""Live sources: who is asked, how, and what the answer means. One small file each behind the one `LiveSource`.

Only ``cryptorisk data refresh`` calls them; nothing that analyses or reports does.
"""
