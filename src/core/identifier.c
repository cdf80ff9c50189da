#include "core/identifier.h"

static bool all_digits(struct sf_view text)
{
	for (size_t i = 0; i < text.size; i++)
		if (text.data[i] < '0' || text.data[i] > '9')
			return false;
	return true;
}

static int digit(struct sf_view text, size_t index)
{
	return text.data[index] - '0';
}

static int two_digits(struct sf_view text, size_t index)
{
	return digit(text, index) * 10 + digit(text, index + 1);
}

/* The century from the seventh digit and the year of the century (CPR-kontoret's table). */
static int cpr_year(int seventh, int year)
{
	if (seventh <= 3)
		return 1900 + year;
	if (seventh == 4 || seventh == 9)
		return (year <= 36 ? 2000 : 1900) + year;
	return (year <= 57 ? 2000 : 1800) + year;
}

static int days_in_month(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return month == 2 && leap ? 29 : days[month - 1];
}

bool sf_cpr_is_valid(struct sf_view text)
{
	if (text.size != SF_CPR_SIZE || !all_digits(text))
		return false;
	int day = two_digits(text, 0);
	int month = two_digits(text, 2);
	int year = cpr_year(digit(text, 6), two_digits(text, 4));
	if (day > 60)
		day -= 60;
	return month >= 1 && month <= 12 && day >= 1 && day <= days_in_month(year, month);
}

/* clang-format off */
/* Verhoeff's dihedral group D5: the product, and the permutation of each position from the right.
 */
static const unsigned char dihedral[10][10] = {
	{0, 1, 2, 3, 4, 5, 6, 7, 8, 9},
	{1, 2, 3, 4, 0, 6, 7, 8, 9, 5},
	{2, 3, 4, 0, 1, 7, 8, 9, 5, 6},
	{3, 4, 0, 1, 2, 8, 9, 5, 6, 7},
	{4, 0, 1, 2, 3, 9, 5, 6, 7, 8},
	{5, 9, 8, 7, 6, 0, 4, 3, 2, 1},
	{6, 5, 9, 8, 7, 1, 0, 4, 3, 2},
	{7, 6, 5, 9, 8, 2, 1, 0, 4, 3},
	{8, 7, 6, 5, 9, 3, 2, 1, 0, 4},
	{9, 8, 7, 6, 5, 4, 3, 2, 1, 0},
};
static const unsigned char permutation[8][10] = {
	{0, 1, 2, 3, 4, 5, 6, 7, 8, 9},
	{1, 5, 7, 6, 2, 8, 3, 0, 9, 4},
	{5, 8, 0, 3, 7, 9, 6, 1, 4, 2},
	{8, 9, 1, 6, 0, 4, 3, 5, 2, 7},
	{9, 4, 5, 3, 1, 2, 6, 8, 7, 0},
	{4, 2, 8, 6, 5, 7, 3, 9, 0, 1},
	{2, 7, 9, 3, 8, 0, 6, 4, 1, 5},
	{7, 0, 4, 6, 9, 1, 3, 2, 5, 8},
};
/* clang-format on */

bool sf_sor_is_valid(struct sf_view text)
{
	if (text.size < SF_SOR_SIZE_MIN || text.size > SF_SOR_SIZE_MAX || !all_digits(text) ||
		text.data[0] == '0')
		return false;
	unsigned check = 0;
	for (size_t i = 0; i < text.size; i++)
		check = dihedral[check][permutation[i % 8][digit(text, text.size - 1 - i)]];
	return check == 0;
}

bool sf_gln_is_valid(struct sf_view text)
{
	if (text.size != SF_GLN_SIZE || !all_digits(text))
		return false;
	int sum = 0;
	for (size_t i = 0; i < SF_GLN_SIZE; i++)
		sum += digit(text, i) * (i % 2 == 0 ? 1 : 3);
	return sum % 10 == 0;
}
