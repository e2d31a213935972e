"""How work goes on while services are lost: by emergency counters with the last copy, and by entering afterwards."""
