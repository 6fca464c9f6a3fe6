# Linux BenchTools: make run · make test · make build · make bench
.PHONY: help
help:
	@sed -n '1s/^# //p' Makefile
