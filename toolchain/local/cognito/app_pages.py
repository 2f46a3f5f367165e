"""Where the app is that users come back to: the development servers of React (Vite, Create React App)."""

APP_PAGES = ("http://localhost:5173/", "http://localhost:3000/")
