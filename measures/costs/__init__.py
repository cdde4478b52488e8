"""What measures cost, who pays, and how far a budget reaches down the ranking."""
