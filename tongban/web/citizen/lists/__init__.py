"""The list of the plan in public: what holds today, what became of each item, and the registers drawn from it."""
