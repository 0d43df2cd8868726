// Cloudflare
