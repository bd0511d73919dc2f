"""The pages of docs/ as a site that a browser opens from any folder or server, with search and without a network."""
