"""What the stand-in knows: accounts, Apps, repositories and everything in them, and the acts that change it."""
