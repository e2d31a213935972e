//go:build tools

// Package tools pins the Pulumi command so that `go mod tidy` keeps it in go.mod.
package tools

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
