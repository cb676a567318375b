"""What texts mean, across languages, by the encoder of the extra `pressclip[semantic]`.

`encoder` is the only door to the encoder and to numpy. Its vectors are kept as signed bytes, once made;
`packing` compares them, and `direction`, `chains` judge by them, in plain Python and exactly: what was
read while the extra was installed is judged alike where it is not.
"""
