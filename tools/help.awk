# `make help`: the targets of the Makefile that carry a "## description", in sections.
BEGIN { FS = ":.*## " }
/^##@ / { printf "\n%s\n", substr($0, 5) }
/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $1, $2 }
END { print "\nNew here? `make course` takes some minutes the first time, then seconds." }
