"""What does a change reach?"""
