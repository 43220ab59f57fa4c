@echo off
node "%~dp0run-pipeline-once.mjs" %*
exit /b %ERRORLEVEL%
