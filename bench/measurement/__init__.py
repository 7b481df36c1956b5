"""What a run costs and where it ran: time, memory, machine, noise, and a checkup."""
