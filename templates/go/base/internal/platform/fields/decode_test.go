package fields_test

import (
	"errors"
	"strings"
	"testing"

	"service/internal/platform/fields"
)

type line struct {
	SKU      string `json:"sku" pattern:"^[A-Z]+$"`
	Quantity int    `json:"quantity" minimum:"1"`
}

type order struct {
	ID    string `json:"id" format:"uuid"`
	Lines []line `json:"lines"`
	Note  string `json:"note,omitempty"`
}

const id = "0198c5d1-2d3e-4f5a-8b6c-7d8e9f0a1b2c"

func TestDecode(t *testing.T) {
	read, err := fields.Decode[order]([]byte(`{"id":"` + id + `","lines":[{"sku":"A","quantity":2,"more":true}],"other":1}`))
	if err != nil || read.ID != id || read.Lines[0].Quantity != 2 {
		t.Errorf("%+v, %v", read, err)
	}
	for _, bad := range []string{
		``, `[]`, `null`, `{`, `{}`,
		`{"id":"s3cret","lines":[]}`,
		`{"id":"` + id + `","lines":[{"sku":"s3cret","quantity":2}]}`,
		`{"id":"` + id + `","lines":[{"sku":"A","quantity":0}]}`,
		`{"id":"` + id + `","lines":[{"sku":"A","quantity":1.5}]}`,
	} {
		if _, err := fields.Decode[order]([]byte(bad)); !errors.Is(err, fields.ErrMismatch) || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

func TestDecodeReadsWhatItChecked(t *testing.T) {
	read, err := fields.Decode[order]([]byte(`{"id":"` + id + `","ID":"x","lines":[],"LINES":5,"note":"a","Note":7}`))
	if err != nil || read.ID != id || read.Note != "a" || read.Lines == nil {
		t.Errorf("%+v, %v", read, err)
	}
}

func TestDecodeSaysWhere(t *testing.T) {
	_, err := fields.Decode[order]([]byte(`{"id":"` + id + `","lines":[{"sku":"A","quantity":0}]}`))
	if err == nil || !strings.Contains(err.Error(), "/lines/0/quantity") {
		t.Error(err)
	}
}
