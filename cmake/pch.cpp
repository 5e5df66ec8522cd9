// The one file of kino_pch: it exists so that the precompiled header has a target.
