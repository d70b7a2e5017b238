"""What every web page of xorviz is made of: one self-contained document, its face, and the controls of what plays."""
