"""The sample outlets: made-up newsrooms on 127.0.0.1, their content, and the demo that reads them."""
