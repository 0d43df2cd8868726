// Proxmox
