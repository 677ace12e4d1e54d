"""What people type, read and handed to the actions. No rule of the field is here: the actions hold them."""
