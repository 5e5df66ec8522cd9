// The one file of kino_gui_test_pch: it exists so that the precompiled header has a target.
