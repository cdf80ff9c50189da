#include "format/identifier.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static bool is_digits(const char *text, size_t least, size_t most)
{
	size_t size = strlen(text);
	return size >= least && size <= most && strspn(text, "0123456789") == size;
}

static int two_digits(const char *text)
{
	return (text[0] - '0') * 10 + (text[1] - '0');
}

/* The CPR office's table of the seventh digit: 0-3 1900s; 4 and 9 split at 36; 5-8 split at 57. */
static int century_year(int year, char seventh)
{
	if (seventh <= '3')
		return 1900 + year;
	if (seventh == '4' || seventh == '9')
		return (year <= 36 ? 2000 : 1900) + year;
	return (year <= 57 ? 2000 : 1800) + year;
}

static int month_days(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

bool sf_cpr_valid(const char *text)
{
	if (!is_digits(text, 10, 10))
		return false;
	int day = two_digits(text);
	int month = two_digits(text + 2);
	if (day > 60)
		day -= 60;
	int year = century_year(two_digits(text + 4), text[6]);
	return month >= 1 && month <= 12 && day >= 1 && day <= month_days(year, month);
}

/* Multiplication of the dihedral group of order ten, worked out instead of tabulated. */
static int dihedral(int a, int b)
{
	if (a < 5)
		return b < 5 ? (a + b) % 5 : 5 + (a + b) % 5;
	return b < 5 ? 5 + (a - b) % 5 : (a - b + 5) % 5;
}

bool sf_sor_valid(const char *text)
{
	static const uint8_t step[10] = {1, 5, 7, 6, 2, 8, 3, 0, 9, 4};
	if (!is_digits(text, 6, 18))
		return false;
	size_t size = strlen(text);
	int check = 0;
	for (size_t place = 0; place < size; place++) {
		int digit = text[size - 1 - place] - '0';
		for (size_t turn = 0; turn < place % 8; turn++)
			digit = step[digit];
		check = dihedral(check, digit);
	}
	return check == 0;
}

bool sf_gln_valid(const char *text)
{
	if (!is_digits(text, 13, 13))
		return false;
	int sum = 0;
	for (size_t i = 0; i < 13; i++)
		sum += (text[i] - '0') * (i % 2 == 1 ? 3 : 1);
	return sum % 10 == 0;
}
