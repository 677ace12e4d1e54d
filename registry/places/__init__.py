"""The places of Kabupaten Cilacap as data, how they are loaded, and how files' names are matched to them."""
