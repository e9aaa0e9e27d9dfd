package main

import (
	"fmt"
	"os"

	"service/internal/localdb"
)

func init() {
	before = "bin/service migrate && "
	provide = append(provide, func() (func(), error) {
		if os.Getenv("DATABASE_URL_FILE") != "" {
			return func() {}, nil
		}
		database, err := localdb.Open(".local/postgres")
		if err != nil {
			return nil, err
		}
		fmt.Fprintln(os.Stderr, database.How)
		return database.Stop, os.Setenv("DATABASE_URL", database.URL)
	})
}
