"""One city's resident registry: search, inquiry and the certificate of residence, over that city's own database."""
