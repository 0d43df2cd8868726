// ServiceFiles
