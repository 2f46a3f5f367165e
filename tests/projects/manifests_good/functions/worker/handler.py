from handlers import work as handler
