"""The channel manager: port, request and response code free of I/O, and the aiohttp client."""
