// Package features is what the service is for. A file of it adds routes in a package-level variable; no list has to know it.
package features
