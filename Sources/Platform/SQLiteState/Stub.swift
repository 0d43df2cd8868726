// SQLiteState
