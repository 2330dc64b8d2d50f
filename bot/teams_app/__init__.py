"""The app package for an organisation's catalogue: manifest, words in two languages, icons, in one zip."""
