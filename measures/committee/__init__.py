"""Sessions, their agendas, decisions with what they rest on and their seals, remarks."""
